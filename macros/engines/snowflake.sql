{#
    What Snowflake has words of its own for. Sessions have the parameters that Snowflake
    gives them: weeks from Monday, dates as YYYY-MM-DD, binary order of text.
#}

{# A plain timestamp is what a parameter of the session says. #}
{% macro snowflake__engine_data_type(data_type) -%}
    {{ return({
        'ubigint': 'bigint', 'hugeint': 'decimal(38, 0)', 'timestamp': 'timestamp_ntz'
    }.get(data_type, data_type)) }}
{%- endmacro %}

{# dbt's own doubles no backslashes of a literal. #}
{% macro snowflake__escape_single_quotes(expression) -%}
    {{ expression | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}

{# It is anchored at both ends. #}
{% macro snowflake__matches(text, pattern) -%}
    regexp_like({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro snowflake__without_ends(text, characters, ends) -%}
    {{ _without_ends_by_function(text, characters, ends) }}
{%- endmacro %}

{% macro snowflake__key_text(columns) -%} {{ _key_text_of_pieces(columns) }} {%- endmacro %}

{% macro snowflake__key_hash() -%}
    hash(source_system, survey_id, response_id, question_id)
{%- endmacro %}

{% macro snowflake__fingerprint(columns) -%}
    cast(mod(abs(hash({{ columns | join(', ') }})), 1000000007) as decimal(10, 0))
{%- endmacro %}

{#
    A product has the decimals of the factors together, but not more than twelve unless one
    of them has more: twenty are asked for. The squares of large weights would not fit then;
    these come by way of twelve.
#}
{% macro snowflake__squared_weight(weight, scale) -%}
    {%- if scale is none -%}
        cast({{ weight }} as decimal(38, 20)) * {{ weight }}
    {%- else -%}
        {{ default__squared_weight(weight, scale) }}
    {%- endif -%}
{%- endmacro %}

{% macro snowflake___utc_to_local(instant, time_zone) -%}
    convert_timezone('UTC', {{ time_zone }}, {{ instant }})
{%- endmacro %}

{% macro snowflake__where_nothing() -%} {{ _where_nothing_of_a_row() }} {%- endmacro %}

{% macro snowflake__get_empty_schema_sql(columns) -%}
    {{ return(_typed_empty_query(columns)) }}
{%- endmacro %}

{% macro snowflake__get_table_columns_and_constraints() -%}
    {{ return(_typed_columns()) }}
{%- endmacro %}
