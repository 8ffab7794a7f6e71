"""What do /api/dataValueSets and /api/dataValues take and give?"""
