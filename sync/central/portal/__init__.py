"""The public pages: service sheets, receipts and their status."""
