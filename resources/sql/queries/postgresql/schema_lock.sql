-- Held until the transaction ends, like the lifted limit: a migration of much data may take long, the wait for the lock
-- may not. The number is arbitrary and means "Hearth migrates".
SELECT pg_advisory_xact_lock(4920168453217), set_config('statement_timeout', '0', true)
