"""A believable subdistrict out of nothing: places, people, disputes. Everybody in it is invented.

The small town is lived through: every case goes command by command through ``workflows.engine``, so
that it breaks when a rule breaks. Districts and provinces are written in bulk, in the same shape.
"""
