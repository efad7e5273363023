{#
    HMAC-SHA-256 (RFC 2104) of a respondent, 64 hexadecimal digits, with the key of the
    list of the erased: the same text as cx_warehouse/erasure.py computes. Null when an id is null.

        {{ respondent_hash() }} as respondent_hash
#}
{% macro respondent_hash() -%}
    {{ return(adapter.dispatch('respondent_hash', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__respondent_hash() -%}
    sha256(
        getvariable('cx_warehouse').erasure_outer_pad || unhex(sha256(
            getvariable('cx_warehouse').erasure_inner_pad || encode(
                cast(length(source_system) as varchar) || ':' || source_system
                || cast(length(respondent_id) as varchar) || ':' || respondent_id
            )
        ))
    )
{%- endmacro %}
