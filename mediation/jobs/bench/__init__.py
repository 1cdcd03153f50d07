"""Measurements that compare us with the bare engine and with hand-written SQL, in one run."""
