"""WHAT: clauses, duties and their legal basis."""
