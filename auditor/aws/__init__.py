"""The only importer of boto3: sessions, calls, paging, errors, redaction, replay."""
