"""What may be entered into a data set, by whom, and until when?"""
