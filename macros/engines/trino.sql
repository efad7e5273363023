{#
    What Trino has words of its own for. A plain timestamp has milliseconds there.
#}

{% macro trino__engine_data_type(data_type) -%}
    {{ return({
        'ubigint': 'bigint', 'hugeint': 'decimal(38, 0)', 'timestamp': 'timestamp(6)'
    }.get(data_type, data_type)) }}
{%- endmacro %}

{# Joni, its engine of regular expressions, would let $ stand before a last line end. #}
{% macro trino__matches(text, pattern) -%}
    regexp_like({{ text }}, {{ "'\\A(?:" ~ pattern[1:-1] ~ ")\\z'" }})
{%- endmacro %}

{% macro trino__first_characters(text, count) -%}
    substr({{ text }}, 1, {{ count }})
{%- endmacro %}

{# A start before the first character gives nothing. #}
{% macro trino__last_characters(text, count) -%}
    substr({{ text }}, greatest(length({{ text }}) - {{ count }}, 0) + 1)
{%- endmacro %}

{# A part that is missing is null: a delimiter behind the text makes it empty. #}
{% macro trino__text_part(text, delimiter, number) -%}
    split_part({{ text }} || '{{ delimiter }}', '{{ delimiter }}', {{ number }})
{%- endmacro %}

{% macro trino__text_hash(text) -%}
    lower(to_hex(md5(to_utf8({{ text }}))))
{%- endmacro %}

{% macro trino__key_text(columns) -%} {{ _key_text_of_pieces(columns) }} {%- endmacro %}

{% macro trino__key_hash() -%}
    from_big_endian_64(xxhash64(to_utf8({{ key_text([
        'source_system', 'survey_id', 'response_id', 'question_id'
    ]) }})))
{%- endmacro %}

{% macro trino__fingerprint(columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns -%} {%- do cells.append(as_text(column)) -%} {%- endfor -%}
    cast(
        abs(mod(from_big_endian_64(xxhash64(to_utf8({{ key_text(cells) }}))), 1000000007))
        as decimal(10, 0)
    )
{%- endmacro %}

{% macro trino__is_among(columns, relation, condition) -%}
    {{ _is_among_by_text(columns, relation, condition) }}
{%- endmacro %}

{% macro trino___utc_to_local(instant, time_zone) -%}
    cast(at_timezone(with_timezone({{ instant }}, 'UTC'), {{ time_zone }}) as timestamp(6))
{%- endmacro %}

{# dbt's own goes by days and milliseconds. #}
{% macro trino___seconds_between(earlier, later) -%}
    date_diff('second', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro trino__get_empty_schema_sql(columns) -%}
    {{ return(_typed_empty_query(columns)) }}
{%- endmacro %}

{% macro trino__get_table_columns_and_constraints() -%}
    {{ return(_typed_columns()) }}
{%- endmacro %}
