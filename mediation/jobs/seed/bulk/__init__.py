"""Districts and provinces: cases of the small town, printed again and again with other people elsewhere.

Every row was first written by a command, so that a printed case keeps every promise that a played one
keeps; only keys, places, people, numbers and days differ, and the chain of its events is computed anew.
Inboxes stay empty: whoever served there has long read his notices.
"""
