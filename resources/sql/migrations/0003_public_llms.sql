-- Where a public Llm is, and the key that its backend wants: sealed, in base64. Both are NULL for a virtual one.

ALTER TABLE llms ADD COLUMN url TEXT;

ALTER TABLE llms ADD COLUMN sealed_api_key TEXT;
