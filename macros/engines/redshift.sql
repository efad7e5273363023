{#
    What Redshift has words of its own for. What is not here it takes from PostgreSQL
    (dbt looks there next): it once was one, and has lost a part of it.
#}

{% macro redshift___check_engine() -%} {%- endmacro %}

{# Without a length a text has 256 bytes. #}
{% macro redshift__engine_data_type(data_type) -%}
    {{ return({
        'double': 'double precision', 'ubigint': 'bigint', 'varchar': 'varchar(65535)',
        'hugeint': 'decimal(38, 0)'
    }.get(data_type, data_type)) }}
{%- endmacro %}

{# A backslash in a literal is an escape. #}
{% macro redshift__escape_single_quotes(expression) -%}
    {{ expression | replace('\\', '\\\\') | replace("'", "''") }}
{%- endmacro %}

{% macro redshift__folded(text) -%} {{ default__folded(text) }} {%- endmacro %}

{# POSIX knows no group that is not remembered. #}
{% macro redshift__matches(text, pattern) -%}
    {{ text }} ~ {{ "'^(" ~ pattern[1:-1] ~ ")$'" }}
{%- endmacro %}

{% macro redshift__key_text(columns) -%} {{ _key_text_of_pieces(columns) }} {%- endmacro %}

{% macro redshift__key_hash() -%}
    fnv_hash({{ key_text(['source_system', 'survey_id', 'response_id', 'question_id']) }})
{%- endmacro %}

{% macro redshift__fingerprint(columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns -%} {%- do cells.append(as_text(column)) -%} {%- endfor -%}
    cast(abs(mod(fnv_hash({{ key_text(cells) }}), 1000000007)) as decimal(10, 0))
{%- endmacro %}

{# By the hashes, which exist of any type, it can join; what is hashed alike is compared. #}
{% macro redshift__same_value(left, right) -%}
    (
        coalesce(fnv_hash({{ left }}), 0) = coalesce(fnv_hash({{ right }}), 0)
        and coalesce({{ left }} = {{ right }}, {{ left }} is null and {{ right }} is null)
    )
{%- endmacro %}

{% macro redshift__other_value(left, right) -%}
    not coalesce({{ left }} = {{ right }}, {{ left }} is null and {{ right }} is null)
{%- endmacro %}

{% macro redshift__is_among(columns, relation, condition) -%}
    {{ _is_among_by_text(columns, relation, condition) }}
{%- endmacro %}

{% macro redshift__respondent_hash() -%} {{ default__respondent_hash() }} {%- endmacro %}

{% macro redshift__least_common_multiple(left_number, right_number) -%}
    {{ default__least_common_multiple(left_number, right_number) }}
{%- endmacro %}

{% macro redshift__raise_error(message) -%} {{ default__raise_error(message) }} {%- endmacro %}

{# No constant tables of values. #}
{% macro redshift__known_time_zones() -%}
    {%- set queries = [] -%}
    {%- for name in modules.pytz.all_timezones -%}
        {%- do queries.append('select ' ~ string_literal(name) ~ ' as time_zone') -%}
    {%- endfor -%}
    {{ queries | join(' union all ') }}
{%- endmacro %}

{% macro redshift___utc_to_local(instant, time_zone) -%}
    convert_timezone('UTC', {{ time_zone }}, {{ instant }})
{%- endmacro %}

{% macro redshift__local_date(instant, time_zone) -%}
    {{ default__local_date(instant, time_zone) }}
{%- endmacro %}

{% macro redshift__local_to_utc(local_timestamp, time_zone) -%}
    {{ default__local_to_utc(local_timestamp, time_zone) }}
{%- endmacro %}

{# There are none. #}
{% macro redshift__create_indexes(relation) -%} {%- endmacro %}
