"""Clusters over grid, community, subdistrict and district: counted, judged, merged, and told of.

Runs beside the registrations, never inside them. What is normal is kept per place, so that a new case is
judged with one read of the last 28 days of its district and one of its four places.
"""
