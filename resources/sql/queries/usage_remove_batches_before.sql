DELETE FROM usage_batch
WHERE added_at < :moment
