{{ ledger({'feed_file': 'varchar', 'file_version': 'varchar'}) }}
