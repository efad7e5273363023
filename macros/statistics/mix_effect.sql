{#
    The part of a pooled score's change, in points, that is due to one member's share of
    the answers: how far the share moved, times how far the member's score lies from the
    pooled one, both taken in the middle of the two periods. A member that answered in one
    of them only has the score of that one. Rate and mix effects of all members add up to
    the change, since the moves of the shares add up to 0.

        {{ mix_effect('previous_share_pct', 'share_pct', 'previous_nps', 'nps',
            'previous_pooled_nps', 'pooled_nps') }}
#}
{% macro mix_effect(
    previous_share_pct, share_pct, previous_score, score, previous_pooled, pooled
) -%}
    ({{ share_pct }} - {{ previous_share_pct }}) / 100 * (
        coalesce(({{ previous_score }} + {{ score }}) / 2, {{ score }}, {{ previous_score }})
        - ({{ previous_pooled }} + {{ pooled }}) / 2
    )
{%- endmacro %}
