"""What a project loosens of the rules that protect its claim, judged by calculating without it."""
