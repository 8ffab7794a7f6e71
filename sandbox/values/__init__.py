"""What does /api/dataValueSets take and give?"""
