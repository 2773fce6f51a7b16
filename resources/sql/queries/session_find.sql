SELECT * FROM provider_sessions WHERE id = :id
