SELECT *
FROM usage_days
WHERE day >= :from AND day <= :to
  AND (:anyOwner = 1 OR owner = :owner)
  AND (:anyKey = 1 OR key_name = :keyName)
  AND (:anyLlm = 1 OR llm = :llm)
LIMIT :count
