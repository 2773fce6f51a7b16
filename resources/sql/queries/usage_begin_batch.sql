-- Changes nothing when the batch, or a later one of its writer, has been added.
INSERT INTO usage_batch (writer, number, added_at)
VALUES (:writer, :number, :addedAt)
ON CONFLICT (writer) DO UPDATE
SET number = excluded.number,
    added_at = excluded.added_at
WHERE usage_batch.number < excluded.number
