{{ ledger({
    'rule_kind': 'varchar',
    'source_system': 'varchar',
    'survey_id': 'varchar',
    'question_id': 'varchar',
    'response_id': 'varchar',
    'rule_text': 'varchar',
}) }}
