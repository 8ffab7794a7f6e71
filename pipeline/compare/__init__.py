"""Where do tracker and the manual reports disagree?"""
