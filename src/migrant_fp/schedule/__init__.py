"""WHEN: days, notices, calendars and conventions; usable alone."""
