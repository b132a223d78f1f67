"""Long work off the page: a row says how far it is, whoever started it may cancel and fetch it."""
