{#
    What BigQuery has words of its own for. A timestamp in UTC is a datetime there: its
    timestamp has a zone, and neither date arithmetic nor contracts want one.
#}

{#
    A decimal of this project has more digits than numeric. A cast takes no parameters: how
    many digits are meant stands beside it.
#}
{% macro bigquery__engine_data_type(data_type) -%}
    {%- if data_type.startswith('decimal') -%}
        {{ return('bignumeric /* ' ~ data_type ~ ' */') }}
    {%- endif -%}
    {{ return({
        'double': 'float64', 'varchar': 'string', 'timestamp': 'datetime',
        'integer': 'int64', 'bigint': 'int64', 'ubigint': 'int64', 'boolean': 'bool',
        'hugeint': 'bignumeric /* decimal(38, 0) */'
    }.get(data_type, data_type)) }}
{%- endmacro %}

{# dbt's own doubles no backslashes of a literal. #}
{% macro bigquery__escape_single_quotes(expression) -%}
    {{ expression | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}

{# dbt's own has no parentheses around an expression. A date becomes a datetime. #}
{% macro bigquery__dateadd(datepart, interval, from_date_or_timestamp) -%}
    datetime_add(
        cast({{ from_date_or_timestamp }} as datetime), interval ({{ interval }}) {{ datepart }}
    )
{%- endmacro %}

{# A plain week begins on a Sunday. #}
{% macro bigquery__date_trunc(datepart, date) -%}
    date_trunc(cast({{ date }} as date), {{ 'isoweek' if datepart == 'week' else datepart }})
{%- endmacro %}

{% macro bigquery___iso_week(monday) -%}
    format_date('%G-W%V', {{ monday }})
{%- endmacro %}

{% macro bigquery__matches(text, pattern) -%}
    regexp_contains({{ text }}, {{ "r'\\A(?:" ~ pattern[1:-1] ~ ")\\z'" }})
{%- endmacro %}

{% macro bigquery__without_ends(text, characters, ends) -%}
    {{ _without_ends_by_function(text, characters, ends) }}
{%- endmacro %}

{# The delimiter behind the text makes an empty part of a missing one. #}
{% macro bigquery__text_part(text, delimiter, number) -%}
    split(concat({{ text }}, '{{ delimiter }}'), '{{ delimiter }}')[safe_ordinal({{ number }})]
{%- endmacro %}

{% macro bigquery__text_hash(text) -%}
    to_hex(md5({{ text }}))
{%- endmacro %}

{% macro bigquery__key_text(columns) -%} {{ _key_text_of_pieces(columns) }} {%- endmacro %}

{% macro bigquery__key_hash() -%}
    farm_fingerprint({{ key_text([
        'source_system', 'survey_id', 'response_id', 'question_id'
    ]) }})
{%- endmacro %}

{% macro bigquery__fingerprint(columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns -%} {%- do cells.append(as_text(column)) -%} {%- endfor -%}
    cast(abs(mod(farm_fingerprint({{ key_text(cells) }}), 1000000007)) as {{ type_decimal(10) }})
{%- endmacro %}

{% macro bigquery__squared_weight(weight, scale) -%}
    {%- set square = weight ~ ' * ' ~ weight -%}
    {{ square if scale is none else 'round(' ~ square ~ ', ' ~ scale ~ ')' }}
{%- endmacro %}

{% macro bigquery__remainder(number, divisor) -%}
    mod({{ number }}, {{ divisor }})
{%- endmacro %}

{# A join from the left needs an equality of both sides. #}
{% macro bigquery__same_value(left, right) -%}
    (
        coalesce('=' || cast({{ left }} as string), '')
        = coalesce('=' || cast({{ right }} as string), '')
    )
{%- endmacro %}

{% macro bigquery__is_among(columns, relation, condition) -%}
    {{ _is_among_by_text(columns, relation, condition) }}
{%- endmacro %}

{% macro bigquery__union_distinct() -%} union distinct {%- endmacro %}

{% macro bigquery__where_nothing() -%} {{ _where_nothing_of_a_row() }} {%- endmacro %}

{% macro bigquery__known_time_zones() -%}
    {%- set names = [] -%}
    {%- for name in modules.pytz.all_timezones -%}
        {%- do names.append(string_literal(name)) -%}
    {%- endfor -%}
    select time_zone from unnest([{{ names | join(', ') }}]) as time_zone
{%- endmacro %}

{% macro bigquery__raise_error(message) -%}
    cast(error({{ message }}) as string)
{%- endmacro %}

{% macro bigquery___utc_to_local(instant, time_zone) -%}
    datetime(timestamp({{ instant }}, 'UTC'), {{ time_zone }})
{%- endmacro %}

{% macro bigquery__get_empty_schema_sql(columns) -%}
    {{ return(_typed_empty_query(columns)) }}
{%- endmacro %}

{% macro bigquery__get_table_columns_and_constraints() -%}
    {{ return(_typed_columns()) }}
{%- endmacro %}
