{%- set member = ['metric', 'score_scope', 'score_group'] -%}
{%- set pair = ['metric', 'score_scope', 'score_pool', 'pair_number'] -%}
{%- set parents = {'year': 'nothing', 'quarter': 'year', 'month': 'quarter'} -%}
{%- set threshold = var('anonymity_threshold') -%}
with

counts as (

    select * from {{ ref('int_report_counts') }}

),

nothing_judged as (

    select
        metric,
        score_scope,
        score_group,
        period_id,
        true as is_withheld

    from counts
    where false

),

-- From coarse to fine: what a coarser period withholds its parts withhold, too.
{% for grain, parent in parents.items() -%}
{{ grain }}_pairs as (

    select
        counts.metric,
        counts.score_scope,
        counts.score_pool,
        counts.pair_number,
        counts.block_id,
        min(counts.response_count) < {{ threshold }}
        or max(case when {{ parent }}_judged.is_withheld then 1 else 0 end) = 1
            as is_small

    from counts
    left join {{ parent }}_judged
        on
            {{ same_values('counts', parent ~ '_judged', member) }}
            and counts.block_id = {{ parent }}_judged.period_id
    where counts.period_grain = '{{ grain }}'

    group by
        counts.metric,
        counts.score_scope,
        counts.score_pool,
        counts.pair_number,
        counts.block_id

),

-- Pairs with a small touchpoint first, then the others: these are added until nobody
-- can tell by subtraction. An order that depends on their answers would tell.
{{ grain }}_places as (

    select
        *,
        sum(case when is_small then 1 else 0 end)
            over (partition by metric, score_pool, block_id)
            as small_count,
        row_number() over (
            partition by metric, score_pool, block_id
            order by is_small desc, pair_number asc
        ) as place

    from {{ grain }}_pairs
    where score_scope = 'touchpoint'

),

{{ grain }}_together as (

    select
        places.metric,
        places.score_pool,
        places.block_id,
        places.small_count,
        places.place,
        counts.period_id,
        sum(counts.response_count) over (
            partition by places.metric, places.score_pool, counts.period_id
            order by places.place
            range between unbounded preceding and current row
        ) as response_count,
        count(*) over (
            partition by places.metric, places.score_pool, counts.period_id
            order by places.place
            range between unbounded preceding and current row
        ) as touchpoint_count

    from {{ grain }}_places as places
    inner join counts
        on
            {{ same_values('places', 'counts', pair) }}
            and places.block_id = counts.block_id
    where counts.period_grain = '{{ grain }}'

),

-- The withheld ones of a period have as many answers together as a score needs to be
-- shown, and more than one each; or they are all.
{{ grain }}_needed as (

    select
        metric,
        score_pool,
        block_id,
        period_id,
        coalesce(
            min(
                case
                    when
                        place >= small_count
                        and response_count >= {{ threshold }}
                        and response_count > touchpoint_count
                        then place
                end
            ), max(place)
        ) as place

    from {{ grain }}_together
    where small_count > 0

    group by metric, score_pool, block_id, period_id

),

{{ grain }}_withheld as (

    select
        metric,
        score_pool,
        block_id,
        max(place) as place

    from {{ grain }}_needed

    group by metric, score_pool, block_id

),

{{ grain }}_judged as (

    select
        counts.*,
        pairs.is_small
        or coalesce(places.place <= withheld.place, false) as is_withheld

    from counts
    inner join {{ grain }}_pairs as pairs
        on
            {{ same_values('counts', 'pairs', pair) }}
            and counts.block_id = pairs.block_id
    left join {{ grain }}_places as places
        on
            {{ same_values('counts', 'places', pair) }}
            and counts.block_id = places.block_id
    left join {{ grain }}_withheld as withheld
        on
            counts.metric = withheld.metric
            and counts.score_pool = withheld.score_pool
            and counts.block_id = withheld.block_id
    where counts.period_grain = '{{ grain }}'

),

{% endfor -%}
judged as (

    {% for grain in parents -%}
    select * from {{ grain }}_judged
    {{- '\n    union all\n    ' if not loop.last }}
    {%- endfor %}

),

described as (

    select
        judged.metric,
        judged.score_scope,
        judged.score_pool,
        judged.score_group,
        report_periods.period_id,
        report_periods.period_grain,
        report_periods.period_start_date,
        report_periods.period_label,
        judged.is_withheld,
        case when not judged.is_withheld then judged.response_count end
            as response_count,
        case
            when not judged.is_withheld
                then {{ metric_score(
                    'judged.metric',
                    'judged.positive_count',
                    'judged.detractor_count',
                    'judged.response_count'
                ) }}
        end as score

    from judged
    inner join {{ ref('int_report_periods') }} as report_periods
        on judged.period_id = report_periods.period_id

)

select * from described
