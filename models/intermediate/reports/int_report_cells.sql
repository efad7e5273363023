{%- set member = ['metric', 'score_scope', 'score_group'] -%}
{%- set pool = 'partition by metric, score_scope, score_pool' -%}
{%- set block = pool ~ ', block_id' -%}
{%- set pair = block ~ ', pair_number' -%}
{%- set period = pool ~ ', period_id' -%}
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
{{ grain }}_counts as (

    select
        counts.*,
        coalesce({{ parent }}_judged.is_withheld, false) as is_within_withheld

    from counts
    left join {{ parent }}_judged
        on
            {{ same_values('counts', parent ~ '_judged', member) }}
            and counts.block_id = {{ parent }}_judged.period_id
    where counts.period_grain = '{{ grain }}'

),

{{ grain }}_pairs as (

    select
        *,
        min(response_count) over ({{ pair }}) < {{ threshold }}
        or max(case when is_within_withheld then 1 else 0 end)
            over ({{ pair }})
        = 1 as is_small

    from {{ grain }}_counts

),

-- Pairs with a small touchpoint first, then the others: these are added until nobody
-- can tell by subtraction. An order that depends on their answers would tell.
{{ grain }}_places as (

    select
        *,
        dense_rank() over ({{ block }} order by is_small desc, pair_number asc) as place

    from {{ grain }}_pairs

),

{{ grain }}_together as (

    select
        *,
        max(case when is_small then place else 0 end) over ({{ block }}) as small_place,
        sum(response_count) over (
            {{ period }} order by place
            range between unbounded preceding and current row
        ) as response_count_so_far,
        count(*) over (
            {{ period }} order by place
            range between unbounded preceding and current row
        ) as touchpoint_count_so_far

    from {{ grain }}_places

),

-- The withheld ones of a period have as many answers together as a score needs to be
-- shown, and more than one each; or they are all.
{{ grain }}_needed as (

    select
        *,
        coalesce(
            min(
                case
                    when
                        place >= small_place
                        and response_count_so_far >= {{ threshold }}
                        and response_count_so_far > touchpoint_count_so_far
                        then place
                end
            ) over ({{ period }}),
            max(place) over ({{ period }})
        ) as place_needed

    from {{ grain }}_together

),

{{ grain }}_judged as (

    select
        metric,
        score_scope,
        score_pool,
        score_group,
        period_id,
        response_count,
        positive_count,
        detractor_count,
        small_place > 0
        and place <= max(place_needed) over ({{ block }}) as is_withheld

    from {{ grain }}_needed

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
