{#
    A subquery that gives the answer feed: the 15 columns of the contract, all text, an
    empty cell null. On DuckDB the files of CX_RAW_DIR (unset: the sample), checked and
    read by cx_warehouse/feed.py; a file that cannot be read whole stops the build with
    one sentence. On a server engine the table raw.survey_answers.

        select * from {{ survey_answers_feed() }}
#}
{% macro survey_answers_feed() -%}
    {{ return(adapter.dispatch('survey_answers_feed', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__survey_answers_feed() -%}
    {%- if not execute -%} {{ return('(select 1)') }} {%- endif -%}
    {{ return('(\n' ~ _checked_files('survey_answers_feed') ~ '\n) as feed') }}
{%- endmacro %}
