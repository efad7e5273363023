{{ ledger({'judged_batch': 'bigint'}) }}
