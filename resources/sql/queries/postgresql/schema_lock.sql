-- Held until the transaction ends. The number is arbitrary and means "Hearth migrates".
SELECT pg_advisory_xact_lock(4920168453217)
