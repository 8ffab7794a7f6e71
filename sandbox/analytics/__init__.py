"""What does /api/analytics answer?"""
