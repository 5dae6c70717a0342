"""A small shop: a real web application that writes audit entries and logs to Whodunit over HTTP."""
