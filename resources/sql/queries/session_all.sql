SELECT * FROM provider_sessions ORDER BY created_at, id
