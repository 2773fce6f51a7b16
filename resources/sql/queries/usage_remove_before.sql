DELETE FROM usage_days
WHERE day < :day
