"""Who is who: users, roles, appointments, persons and their ties, children, partners, projects, places."""
