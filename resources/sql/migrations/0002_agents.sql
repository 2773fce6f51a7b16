-- Agents carry the project that they belong to: free text, stored and returned as given.

ALTER TABLE agents ADD COLUMN project TEXT NOT NULL DEFAULT '';
