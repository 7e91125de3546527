/* SPDX-License-Identifier: MIT
 *
 * Owns the format sarif: SARIF 2.1.0, a result for each site and a rule for each kind. The place that a result
 * points at is the one where the programmer should look (place.h); its stack is there in full. Two results of
 * different runs are the same when their partialFingerprints are: the site's signature.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format.h"
#include "json.h"
#include "mem.h"
#include "place.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define EXACT_MOST (UINT64_C(1) << 53) /* JSON numbers are doubles to many readers */

static const struct rule {
    const char *id, *name, *level, *text;
} rules[MODEL_KINDS] = {
    {"definitely-lost", "DefinitelyLost", "error", "Nothing points to the memory any more."},
    {"indirectly-lost", "IndirectlyLost", "warning", "Only lost memory points to the memory."},
    {"possibly-lost", "PossiblyLost", "warning",
     "Only pointers into its middle point to the memory."},
    {"still-reachable", "StillReachable", "note",
     "The memory was not freed, but could have been: something points to it."},
    {"suppressed", "Suppressed", "note", "A suppression matches the leak."},
};

static void put_message(struct json *j, const char *key, const char *text)
{
    json_open(j, key, '{');
    json_text(j, "text", text);
    json_close(j, '}');
}

/* --- Places ----------------------------------------------------------------------------------- */

/* A path as a URI (RFC 3986, RFC 8089), to be freed. */
static char *make_uri(const char *path)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    static const char digits[] = "0123456789ABCDEF";
    const char *scheme = *path == '/' ? "file://" : "";
    char *uri = mem_zeroed(3 * strlen(path) + sizeof("file://"), 1);
    char *end = stpcpy(uri, scheme);
    for (const char *c = path; *c; c++) {
        if (strchr(plain, *c)) {
            *end++ = *c;
        } else {
            *end++ = '%';
            *end++ = digits[(unsigned char)*c >> 4];
            *end++ = digits[(unsigned char)*c & 15];
        }
    }
    return uri;
}

static void put_artifact(struct json *j, const char *key, const char *path)
{
    char *uri = make_uri(path);
    json_open(j, key, '{');
    json_text(j, "uri", uri);
    json_close(j, '}');
    free(uri);
}

static void put_region(struct json *j, const struct model_line *line)
{
    if (!line->line)
        return;
    json_open(j, "region", '{');
    json_number(j, "startLine", line->line);
    if (line->column)
        json_number(j, "startColumn", line->column);
    json_close(j, '}');
}

static void put_physical(struct json *j, struct place place)
{
    const struct model_frame *f = place.frame;
    json_open(j, "physicalLocation", '{');
    if (place.line && place.line->file) {
        put_artifact(j, "artifactLocation", place.line->file);
        put_region(j, place.line);
    } else if (f->module && *f->module->path) {
        put_artifact(j, "artifactLocation", f->module->path);
    }
    char *name = place_name((struct place){f, NULL});
    json_open(j, "address", '{');
    if (f->pc < EXACT_MOST)
        json_number(j, "absoluteAddress", f->pc);
    json_text(j, "fullyQualifiedName", name);
    json_close(j, '}');
    json_close(j, '}');
    free(name);
}

static void put_place(struct json *j, const char *key, struct place place)
{
    char *name = place_name(place);
    json_open(j, key, '{');
    put_physical(j, place);
    json_open(j, "logicalLocations", '[');
    json_open(j, NULL, '{');
    json_text(j, "fullyQualifiedName", name);
    json_text(j, "kind", "function");
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
    free(name);
}

static void put_frame(struct json *j, struct place place)
{
    json_open(j, NULL, '{');
    put_place(j, "location", place);
    if (place.frame->module)
        json_text(j, "module", model_basename(place.frame->module->path));
    json_close(j, '}');
}

static void put_stack(struct json *j, const struct model_site *s)
{
    if (!s->stack)
        return;
    json_open(j, "stacks", '[');
    json_open(j, NULL, '{');
    put_message(j, "message", "Allocated by");
    json_open(j, "frames", '[');
    for (const struct model_frame *f = s->stack; f; f = f->caller)
        for (uint32_t i = 0; i < place_count(f); i++)
            put_frame(j, place_at(f, i));
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, ']');
}

/* --- Results ---------------------------------------------------------------------------------- */

/* What a list of results shows of it. */
static void put_summary(struct json *j, const struct model_site *s, struct place place)
{
    static const char *const states[MODEL_KINDS] = {"definitely lost", "indirectly lost",
                                                    "possibly lost", "still reachable",
                                                    "lost, which is suppressed"};
    char *name = place.frame ? place_name(place) : mem_string("an unknown place");
    char *through = s->indirect.blocks
                        ? mem_format(", and through them %" PRIu64 " bytes in %" PRIu64 " blocks",
                                     s->indirect.bytes, s->indirect.blocks)
                        : mem_string("");
    char *text = mem_format("%" PRIu64 " bytes in %" PRIu64 " blocks, allocated by %s, are %s%s.",
                            s->bytes, s->blocks, name, states[s->kind], through);
    put_message(j, "message", text);
    free(text);
    free(through);
    free(name);
}

static void put_properties(struct json *j, const struct model_site *s)
{
    json_open(j, "properties", '{');
    json_number(j, "bytes", s->bytes);
    json_number(j, "blocks", s->blocks);
    if (s->kind == MODEL_DEFINITE) {
        json_number(j, "indirectBytes", s->indirect.bytes);
        json_number(j, "indirectBlocks", s->indirect.blocks);
    }
    json_number(j, "firstMs", s->first_ms);
    json_number(j, "lastMs", s->last_ms);
    json_number(j, "thread", s->thread);
    json_close(j, '}');
}

static void put_fingerprint(struct json *j, const struct model_site *s)
{
    char signature[17];
    snprintf(signature, sizeof(signature), "%016" PRIx64, s->signature);
    json_open(j, "partialFingerprints", '{');
    json_text(j, "leakgcSignature/v1", signature);
    json_close(j, '}');
}

static void put_result(struct json *j, const struct model_site *s)
{
    struct place place = place_of_site(s);
    json_open(j, NULL, '{');
    json_text(j, "ruleId", rules[s->kind].id);
    json_number(j, "ruleIndex", s->kind);
    json_text(j, "level", rules[s->kind].level);
    put_summary(j, s, place);
    json_open(j, "locations", '[');
    if (place.frame)
        put_place(j, NULL, place);
    json_close(j, ']');
    put_stack(j, s);
    put_fingerprint(j, s);
    if (s->kind == MODEL_SUPPRESSED) {
        json_open(j, "suppressions", '[');
        json_open(j, NULL, '{');
        json_text(j, "kind", "external");
        json_close(j, '}');
        json_close(j, ']');
    }
    put_properties(j, s);
    json_close(j, '}');
}

/* --- The run ---------------------------------------------------------------------------------- */

static void put_tool(struct json *j, const struct model *m)
{
    json_open(j, "tool", '{');
    json_open(j, "driver", '{');
    json_text(j, "name", "leakgc");
    json_text(j, "version", m->version);
    json_open(j, "rules", '[');
    for (int k = 0; k < MODEL_KINDS; k++) {
        json_open(j, NULL, '{');
        json_text(j, "id", rules[k].id);
        json_text(j, "name", rules[k].name);
        put_message(j, "shortDescription", rules[k].text);
        json_open(j, "defaultConfiguration", '{');
        json_text(j, "level", rules[k].level);
        json_close(j, '}');
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
}

static void put_time(struct json *j, const char *key, uint64_t seconds)
{
    char text[32];
    time_t at = (time_t)seconds;
    struct tm utc;
    if (at > 0 && gmtime_r(&at, &utc) && utc.tm_year < 8100 &&
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
        json_text(j, key, text);
}

static void put_doubts(struct json *j, const struct model *m)
{
    json_open(j, "toolExecutionNotifications", '[');
    for (size_t i = 0; i < m->doubt_count; i++) {
        char *text = mem_format("Incomplete: %s", m->doubts[i]);
        json_open(j, NULL, '{');
        json_text(j, "level", "warning");
        put_message(j, "message", text);
        json_close(j, '}');
        free(text);
    }
    json_close(j, ']');
}

static void put_invocation(struct json *j, const struct model *m)
{
    json_open(j, "invocations", '[');
    json_open(j, NULL, '{');
    json_bool(j, "executionSuccessful", !m->is_damaged);
    put_time(j, "startTimeUtc", m->start_s);
    put_time(j, "endTimeUtc", m->end_s);
    json_open(j, "arguments", '[');
    for (size_t i = 1; i < m->argument_count; i++)
        json_text(j, NULL, m->arguments[i]);
    json_close(j, ']');
    put_artifact(j, "executableLocation", m->program);
    json_number(j, "processId", (uint64_t)m->pid);
    json_text(j, "machine", m->host);
    put_doubts(j, m);
    json_close(j, '}');
    json_close(j, ']');
}

static void put_totals(struct json *j, const struct model *m)
{
    json_open(j, "properties", '{');
    json_open(j, "totals", '{');
    for (int k = 0; k < MODEL_KINDS; k++) {
        json_open(j, model_kind_name((enum model_kind)k), '{');
        json_number(j, "bytes", m->total[k].bytes);
        json_number(j, "blocks", m->total[k].blocks);
        json_close(j, '}');
    }
    json_close(j, '}');
    json_close(j, '}');
}

static int write_sarif(const struct model *m, FILE *out, const struct format_options *options)
{
    struct json j = {.out = out, .is_indented = true};
    (void)options;
    json_open(&j, NULL, '{');
    json_text(&j, "$schema", SCHEMA);
    json_text(&j, "version", "2.1.0");
    json_open(&j, "runs", '[');
    json_open(&j, NULL, '{');
    put_tool(&j, m);
    put_invocation(&j, m);
    json_open(&j, "results", '[');
    for (size_t i = 0; i < m->shown_count; i++)
        put_result(&j, m->shown[i]);
    json_close(&j, ']');
    put_totals(&j, m);
    json_close(&j, '}');
    json_close(&j, ']');
    json_close(&j, '}');
    putc('\n', out);
    return ferror(out) ? -EIO : 0;
}

const struct format sarif_format = {
    .name = "sarif",
    .suffix = ".sarif",
    .write = write_sarif,
};
