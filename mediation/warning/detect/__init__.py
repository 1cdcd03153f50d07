"""Unusual clusters of disputes, found by comparing each place with its own past and surroundings.

Plain Python with ``math`` alone. The numbers in these modules come from one simulation study; they
belong together and change together.
"""
