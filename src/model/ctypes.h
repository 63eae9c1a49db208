/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_CTYPES_H
#define MODEL_CTYPES_H

#include "base/strbuf.h"
#include "base/strmap.h"

/*
 * The C types of one kernel: what its BTF says, or a file beside a snapshot, and what others add
 * from the text of headers. Types are numbers; 0 is void. What is known of a structure by its tag
 * alone is "not known": that is never the same as having no members.
 *
 * Chains of types may go in circles (files are hostile): whatever follows them gives up in time,
 * and then says "not known".
 */

#define CTYPES_MAX	 8000000u /* types, and members: those of real kernels are a tenth */
#define CTYPES_MAX_PARTS 16000000u
#define CTYPES_MAX_DEPTH 64 /* typedefs, pointers and structures in each other */

enum ctype_kind {
	CTYPE_VOID,
	CTYPE_BASE, /* "unsigned int", as gcc spells it: "long unsigned int" */
	CTYPE_POINTER,
	CTYPE_ARRAY,
	CTYPE_FUNCTION,
	CTYPE_STRUCT,
	CTYPE_UNION,
	CTYPE_ENUM,
	CTYPE_TYPEDEF,
	CTYPE_QUALIFIER
};

#define CTYPE_CONST    1 /* the qualifiers, a mask */
#define CTYPE_VOLATILE 2
#define CTYPE_RESTRICT 4

struct ctype {
	const char *name; /* of a base type or typedef; a tag; "" is anonymous */
	uint32_t target; /* pointed to, an element, returned, qualified, or what a typedef is */
	uint32_t first; /* members, parameters or enumerators: index into the parts */
	uint32_t count; /* of these; of an array the elements, 0: not known */
	uint8_t kind; /* enum ctype_kind */
	uint8_t qualifiers; /* of CTYPE_QUALIFIER */
	bool is_forward; /* a tag, or a typedef's name, of which no more is known */
	bool is_disputed; /* likewise, since there are several of that tag, and they differ */
	bool is_variadic; /* a function's parameters end in "..." */
	bool is_signed; /* an enumeration that needs a signed type */
};

/* A member, a parameter or an enumerator. */
struct ctype_part {
	const char *name; /* "": anonymous, or not known */
	uint32_t type; /* 0 of an enumerator */
	uint8_t bits; /* the width of a bit-field, else 0 */
};

struct ctypes {
	struct arena arena;
	struct intern intern;
	struct ctype *items; /* by number */
	size_t count, capacity;
	struct ctype_part *parts;
	size_t part_count, part_capacity;
	struct strmap names[4]; /* tags of structures, of unions, of enumerations (two files of a
				   kernel may have one tag for two of these); and typedefs */
	struct strmap functions; /* name -> its CTYPE_FUNCTION */
	uint32_t *declared; /* these types, in the order in which they came */
	size_t declared_count, declared_capacity;
	struct strmap enumerators; /* name -> its enumeration */
};

/* Empty: only void is in it. *out is for ctypes_free(). */
int ctypes_new(struct ctypes **out, struct ksa_error *err) _must_check_;
void ctypes_free(struct ctypes *types);

/*
 * Add a type; names are copied, parts (count of them) too. init->first is not looked at;
 * init->count is that of parts, but for an array. Targets and the types of parts are numbers of
 * types that are there. A tag, enumerator or typedef becomes one that can be found. If the tag is
 * there already, *id is that one: it is completed if it was a forward and this is none, else it
 * stays as it is (one that refers to itself is added as a forward first). A typedef that is there
 * stays too. KSA_ELIMIT: more than any kernel has.
 */
int ctypes_add(struct ctypes *types, const struct ctype *init, const struct ctype_part *parts,
	       size_t count, uint32_t *id, struct ksa_error *err) _must_check_;

/*
 * Add what C text says, which is a part of what C allows: "struct a{int b;struct c *d;}", "enum
 * e{F,G}"
 * ("enum e:int{F}" where it needs a signed type), "typedef int t", "int f(struct a *x, t y)"; other
 * types are referred to by name, in whatever order they come. Names of numbers may stand in any
 * spelling of C. KSA_EFORMAT: it says something else, at line and column 1 and so on of no file.
 */
int ctypes_add_text(struct ctypes *types, const char *text, size_t length,
		    struct ksa_error *err) _must_check_;

/* The same in two steps, for a type that others refer to before it is known: a number, then what it
 * is. A number that is not set is a base type without a name. */
int ctypes_reserve(struct ctypes *types, uint32_t *id, struct ksa_error *err) _must_check_;
int ctypes_set(struct ctypes *types, uint32_t id, const struct ctype *init,
	       const struct ctype_part *parts, size_t count, struct ksa_error *err) _must_check_;

/* Let a function of that name have that type (a CTYPE_FUNCTION); the first one stays. */
int ctypes_declare(struct ctypes *types, const char *name, uint32_t type,
		   struct ksa_error *err) _must_check_;

/* The type of a number; one that does not exist is void. */
static inline const struct ctype *ctype_at(const struct ctypes *types, uint32_t id)
{
	return &types->items[id < types->count ? id : 0];
}

/* Part i of a type: i < count of a structure, union, function or enumeration. */
static inline const struct ctype_part *ctype_part(const struct ctypes *types, uint32_t id,
						  uint32_t i)
{
	return &types->parts[ctype_at(types, id)->first + i];
}

/* The structure, union or enumeration of that tag, or the typedef of that name; 0: none. */
uint32_t ctypes_find(const struct ctypes *types, enum ctype_kind kind, const char *name);

/* What stands behind typedefs and qualifiers, *qualifiers (may be NULL) being all of these. False,
 * and void: a typedef is not known, or they go in circles. */
bool ctypes_strip(const struct ctypes *types, uint32_t id, uint32_t *out, uint8_t *qualifiers);

enum ctype_known {
	CTYPE_NOT_KNOWN = 0, /* no structure whose members are known */
	CTYPE_HAS_NOT,
	CTYPE_HAS
};

/* The member of that name of a structure or union, through typedefs and qualifiers of it and in its
 * anonymous members. CTYPE_HAS: it is *out (may be NULL). */
enum ctype_known ctypes_member(const struct ctypes *types, uint32_t id, const char *name,
			       struct ctype_part *out);

/*
 * Call fn with each member of a structure or union that has a name, those of anonymous members in
 * their place, until it returns false. False: the members are not known, or not all of them.
 */
bool ctypes_members(const struct ctypes *types, uint32_t id,
		    bool (*fn)(void *ctx, const struct ctype_part *member), void *ctx);

/* The type of a function that is exported, or was declared: a CTYPE_FUNCTION. False: not known. */
bool ctypes_function(const struct ctypes *types, const char *name, uint32_t *type);

/* The function that a type is, or points to, through typedefs and qualifiers. False: none. */
bool ctypes_as_function(const struct ctypes *types, uint32_t id, uint32_t *function);

/* The enumeration that has an enumerator of that name; 0: none is known. */
uint32_t ctypes_enumerator(const struct ctypes *types, const char *name);

/*
 * Append the declaration of something with that type: "void (*remove)(struct platform_device *)".
 * declarator may be "": the type's name alone. False, with out as it was: it cannot be written (too
 * long, or in circles), or out has failed.
 */
bool ctypes_print(const struct ctypes *types, uint32_t id, const char *declarator,
		  struct strbuf *out);

/*
 * The same without names of parameters, and with the bodies of anonymous types. Without a
 * declarator: the whole declaration of a structure, union, enumeration or typedef that is known.
 */
bool ctypes_print_plain(const struct ctypes *types, uint32_t id, const char *declarator,
			struct strbuf *out);

/*
 * Call fn with the text of each structure, union, enumeration and typedef, in byte order, as
 * ctypes_add_text() takes it, until it returns other than 0: that is returned. What cannot be
 * written (too long) is left out. KSA_ENOMEM; KSA_ELIMIT: more than any kernel has.
 */
int ctypes_each_line(const struct ctypes *types, int (*fn)(void *ctx, const char *line), void *ctx,
		     struct ksa_error *err) _must_check_;

/*
 * Leave what a snapshot keeps: the structures and typedefs that wanted() is true for, what they
 * embed, the typedefs and enumerations that they, or functions, mention. All others become
 * forwards; and so do, as there are many of them and they tell little, layouts: structures of
 * nothing but numbers of a fixed width, which devices, protocols and user space agreed on and
 * nobody changes. KSA_ENOMEM.
 */
int ctypes_reduce(struct ctypes *types,
		  bool (*wanted)(void *ctx, enum ctype_kind kind, const char *name), void *ctx,
		  struct ksa_error *err) _must_check_;

/* What C says to a value of type a where one of type b is wanted, by gcc's rules with the flags
 * that kernels are built with. */
enum ctype_same {
	CTYPE_UNKNOWN = 0, /* too little is known of one of them */
	CTYPE_SAME, /* typedefs are looked through; names of parameters do not matter */
	CTYPE_COMPATIBLE, /* other types, compatible ones: also as parameters of a callback */
	CTYPE_CONVERTED, /* taken without a word in an assignment or call: int to long, any
			    pointer to void * */
	CTYPE_DISCARDED, /* a warning: only a qualifier gets lost */
	CTYPE_DIFFERENT /* refused */
};

/*
 * Compare types of two kernels, or of one (a == b). Structures, unions and enumerations are the
 * same if their tags are, whatever their members; anonymous ones by the typedef that names them.
 */
enum ctype_same ctypes_compare(const struct ctypes *a, uint32_t ia, const struct ctypes *b,
			       uint32_t ib);

#endif
