SELECT number
FROM usage_batch
WHERE writer = :writer
