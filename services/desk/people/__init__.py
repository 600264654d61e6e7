"""Who may use the desk: accounts and sessions, in a file of their own that no rebuild touches and no topic holds."""
