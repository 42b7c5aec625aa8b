/* SPDX-License-Identifier: BSD-2-Clause */
/* Words, object names and the small bit-field words: message info, rights, CNode data. */
#ifndef SEL4_ABI_TYPES_H
#define SEL4_ABI_TYPES_H

#include <stdint.h>

typedef int8_t seL4_Int8;
typedef int16_t seL4_Int16;
typedef int32_t seL4_Int32;
typedef int64_t seL4_Int64;
typedef uint8_t seL4_Uint8;
typedef uint16_t seL4_Uint16;
typedef uint32_t seL4_Uint32;
typedef uint64_t seL4_Uint64;

typedef unsigned long seL4_Word;
typedef seL4_Word seL4_CPtr;
typedef seL4_Word seL4_NodeId;
typedef seL4_Word seL4_PAddr;
typedef seL4_Word seL4_Domain;
typedef seL4_Uint64 seL4_Time;
typedef seL4_Int8 seL4_Bool;

#define seL4_False        0
#define seL4_True         1
#define seL4_Null         0
#define seL4_NilData      0
#define seL4_WordBits     64
#define seL4_WordSizeBits 3

/* Capability pointers by the type of object they name; no type safety, for the reader only. */
typedef seL4_CPtr seL4_CNode;
typedef seL4_CPtr seL4_DomainSet;
typedef seL4_CPtr seL4_IRQControl;
typedef seL4_CPtr seL4_IRQHandler;
typedef seL4_CPtr seL4_SchedContext;
typedef seL4_CPtr seL4_SchedControl;
typedef seL4_CPtr seL4_TCB;
typedef seL4_CPtr seL4_Untyped;

/* Pads an enumeration to a word: such enumerations are message words or struct members. */
#define SEL4_WORD_ENUM(name) name##_word_sized = 0x7fffffffffffffff

/* Message info word: label [63:12], capsUnwrapped [11:9], extraCaps [8:7], length [6:0]. */
#define SEL4_INFO_LENGTH_MASK     0x7ful
#define SEL4_INFO_EXTRA_SHIFT     7
#define SEL4_INFO_EXTRA_MASK      0x3ul
#define SEL4_INFO_UNWRAPPED_SHIFT 9
#define SEL4_INFO_UNWRAPPED_MASK  0x7ul
#define SEL4_INFO_LABEL_SHIFT     12
#define SEL4_INFO_LABEL_MASK      0xffffffffffffful

typedef struct seL4_MessageInfo {
    seL4_Word words[1];
} seL4_MessageInfo_t;

static inline seL4_MessageInfo_t seL4_MessageInfo_new(seL4_Word label, seL4_Word caps_unwrapped,
                                                      seL4_Word extra_caps, seL4_Word length)
{
    seL4_MessageInfo_t info = {
        {(label & SEL4_INFO_LABEL_MASK) << SEL4_INFO_LABEL_SHIFT |
         (caps_unwrapped & SEL4_INFO_UNWRAPPED_MASK) << SEL4_INFO_UNWRAPPED_SHIFT |
         (extra_caps & SEL4_INFO_EXTRA_MASK) << SEL4_INFO_EXTRA_SHIFT |
         (length & SEL4_INFO_LENGTH_MASK)}};
    return info;
}

static inline seL4_Word seL4_MessageInfo_get_label(seL4_MessageInfo_t info)
{
    return info.words[0] >> SEL4_INFO_LABEL_SHIFT;
}

static inline seL4_Word seL4_MessageInfo_get_capsUnwrapped(seL4_MessageInfo_t info)
{
    return info.words[0] >> SEL4_INFO_UNWRAPPED_SHIFT & SEL4_INFO_UNWRAPPED_MASK;
}

static inline seL4_Word seL4_MessageInfo_get_extraCaps(seL4_MessageInfo_t info)
{
    return info.words[0] >> SEL4_INFO_EXTRA_SHIFT & SEL4_INFO_EXTRA_MASK;
}

static inline seL4_Word seL4_MessageInfo_get_length(seL4_MessageInfo_t info)
{
    return info.words[0] & SEL4_INFO_LENGTH_MASK;
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_label(seL4_MessageInfo_t info,
                                                            seL4_Word label)
{
    return seL4_MessageInfo_new(label, seL4_MessageInfo_get_capsUnwrapped(info),
                                seL4_MessageInfo_get_extraCaps(info),
                                seL4_MessageInfo_get_length(info));
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_capsUnwrapped(seL4_MessageInfo_t info,
                                                                    seL4_Word caps_unwrapped)
{
    return seL4_MessageInfo_new(seL4_MessageInfo_get_label(info), caps_unwrapped,
                                seL4_MessageInfo_get_extraCaps(info),
                                seL4_MessageInfo_get_length(info));
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_extraCaps(seL4_MessageInfo_t info,
                                                                seL4_Word extra_caps)
{
    return seL4_MessageInfo_new(seL4_MessageInfo_get_label(info),
                                seL4_MessageInfo_get_capsUnwrapped(info), extra_caps,
                                seL4_MessageInfo_get_length(info));
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_length(seL4_MessageInfo_t info,
                                                             seL4_Word length)
{
    return seL4_MessageInfo_new(seL4_MessageInfo_get_label(info),
                                seL4_MessageInfo_get_capsUnwrapped(info),
                                seL4_MessageInfo_get_extraCaps(info), length);
}

/* Capability rights word. */
#define SEL4_RIGHT_WRITE      0x1ul
#define SEL4_RIGHT_READ       0x2ul
#define SEL4_RIGHT_GRANT      0x4ul
#define SEL4_RIGHT_GRANTREPLY 0x8ul
#define SEL4_RIGHTS_ALL       0xful
#define seL4_CapRightsBits    4

typedef struct seL4_CapRights {
    seL4_Word words[1];
} seL4_CapRights_t;

static inline seL4_CapRights_t seL4_CapRights_new(seL4_Word grant_reply, seL4_Word grant,
                                                  seL4_Word read, seL4_Word write)
{
    seL4_CapRights_t rights = {
        {(grant_reply & 1) << 3 | (grant & 1) << 2 | (read & 1) << 1 | (write & 1)}};
    return rights;
}

static inline seL4_Word seL4_CapRights_get_capAllowGrantReply(seL4_CapRights_t rights)
{
    return rights.words[0] >> 3 & 1;
}

static inline seL4_Word seL4_CapRights_get_capAllowGrant(seL4_CapRights_t rights)
{
    return rights.words[0] >> 2 & 1;
}

static inline seL4_Word seL4_CapRights_get_capAllowRead(seL4_CapRights_t rights)
{
    return rights.words[0] >> 1 & 1;
}

static inline seL4_Word seL4_CapRights_get_capAllowWrite(seL4_CapRights_t rights)
{
    return rights.words[0] & 1;
}

#define seL4_AllRights     seL4_CapRights_new(1, 1, 1, 1)
#define seL4_ReadWrite     seL4_CapRights_new(0, 0, 1, 1)
#define seL4_CanRead       seL4_CapRights_new(0, 0, 1, 0)
#define seL4_CanWrite      seL4_CapRights_new(0, 0, 0, 1)
#define seL4_CanGrant      seL4_CapRights_new(0, 1, 0, 0)
#define seL4_CanGrantReply seL4_CapRights_new(1, 0, 0, 0)
#define seL4_NoWrite       seL4_CapRights_new(1, 1, 1, 0)
#define seL4_NoRead        seL4_CapRights_new(1, 1, 0, 1)
#define seL4_NoRights      seL4_CapRights_new(0, 0, 0, 0)

/* Data word of a CNode capability: guard size [5:0], guard value [63:6]. */
#define seL4_GuardSizeBits 6
#define seL4_GuardBits     58
#define seL4_BadgeBits     64

typedef struct seL4_CNode_CapData {
    seL4_Word words[1];
} seL4_CNode_CapData_t;

static inline seL4_CNode_CapData_t seL4_CNode_CapData_new(seL4_Word guard, seL4_Word guard_size)
{
    seL4_CNode_CapData_t data = {{guard << seL4_GuardSizeBits | (guard_size & 0x3f)}};
    return data;
}

static inline seL4_Word seL4_CNode_CapData_get_guard(seL4_CNode_CapData_t data)
{
    return data.words[0] >> seL4_GuardSizeBits;
}

static inline seL4_Word seL4_CNode_CapData_get_guardSize(seL4_CNode_CapData_t data)
{
    return data.words[0] & 0x3f;
}

#endif
