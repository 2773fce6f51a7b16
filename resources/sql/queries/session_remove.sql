DELETE FROM provider_sessions WHERE id = :id
