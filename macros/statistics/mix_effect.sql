{#
    The part of a pooled score's change, in points, that is due to one member's share of
    the answers: how far the share moved, times how far the member's score lies from the
    pooled one, both taken in the middle of the two periods. A member that answered in one
    of them only has the score of that one. Rate and mix effects of all members add up to
    the change, since the moves of the shares add up to 0.

        {{ mix_effect('share_pct_previous', 'share_pct', 'nps_previous', 'nps',
            'pooled_nps_previous', 'pooled_nps') }}
#}
{% macro mix_effect(
    share_pct_previous, share_pct, score_previous, score, pooled_previous, pooled
) -%}
    ({{ share_pct }} - {{ share_pct_previous }}) / 100 * (
        coalesce(({{ score_previous }} + {{ score }}) / 2, {{ score }}, {{ score_previous }})
        - ({{ pooled_previous }} + {{ pooled }}) / 2
    )
{%- endmacro %}
