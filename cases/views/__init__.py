"""Pages: fetch through permission, validate, call one action, redirect or render."""
