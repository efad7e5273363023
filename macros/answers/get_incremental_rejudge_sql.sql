{#
    The incremental strategy `rejudge`, for the store of judged answers: what this run
    changes about the scores goes into the ledger int_score_changes, and whose answers it
    judges into int_respondents_to_recount; the rows of withdrawn files and all rows that
    share a key with one that is judged go; what was judged comes, in a batch that is not
    published yet. dbt calls this inside the model's transaction.
#}
{% macro get_incremental_rejudge_sql(arg_dict) -%}
    {{ return(adapter.dispatch('get_incremental_rejudge_sql', 'cx_warehouse')(arg_dict)) }}
{%- endmacro %}

{% macro default__get_incremental_rejudge_sql(arg_dict) -%}
    {%- set store = arg_dict.target_relation -%}
    {%- set judged = arg_dict.temp_relation -%}
    {%- set columns = get_quoted_csv(arg_dict.dest_columns | map(attribute='name')) -%}
    {%- set kinds = ref('int_answer_kinds') -%}
    {%- set concerned_keys = ref('int_answer_keys_concerned') -%}
    {%- do tell_feed_changes(store, judged) -%}

    insert into {{ ref('int_score_changes') }}
    {{ _score_changes(
        ref('int_stored_answers_concerned'),
        with_answer_kinds(judged, kinds),
        concerned_keys
    ) }};

    insert into {{ ref('int_respondents_to_recount') }}
    {{ _respondents_to_recount(ref('int_stored_answers_concerned'), judged) }};

    delete from {{ store }}
    where key_hash in (select key_hash from {{ concerned_keys }});

    delete from {{ store }}
    where {{ is_from_file(withdrawn_files()) }};

    -- A batch of which no row is left in the store gives its number to the next one.
    insert into {{ ref('int_batches_unpublished') }}
    select distinct judged_batch from {{ judged }}
    except
    select judged_batch from {{ ref('int_batches_unpublished') }};

    insert into {{ store }} ({{ columns }})
    select {{ columns }} from {{ judged }}
{%- endmacro %}
