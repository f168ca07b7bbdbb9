"""Calls: functions and methods whose results are known, and the libraries that read config vars."""
