/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel tells the root task: the bootinfo frame and the extra information behind it. */
#ifndef SEL4_ABI_BOOTINFO_H
#define SEL4_ABI_BOOTINFO_H

#include <sel4/abi/config.h>
#include <sel4/abi/ipcbuffer.h>
#include <sel4/abi/types.h>
#include <stddef.h>

/* Capabilities in the root task's CNode at start. */
enum seL4_RootCNodeCapSlots {
    seL4_CapNull = 0,
    seL4_CapInitThreadTCB = 1,
    seL4_CapInitThreadCNode = 2,
    seL4_CapInitThreadVSpace = 3,
    seL4_CapIRQControl = 4,
    seL4_CapASIDControl = 5,
    seL4_CapInitThreadASIDPool = 6,
    seL4_CapIOPortControl = 7, /* empty on Arm */
    seL4_CapIOSpace = 8,       /* empty on Arm */
    seL4_CapBootInfoFrame = 9,
    seL4_CapInitThreadIPCBuffer = 10,
    seL4_CapDomain = 11,
    seL4_CapSMMUSIDControl = 12, /* empty in the reference configuration */
    seL4_CapSMMUCBControl = 13,  /* empty in the reference configuration */
    seL4_CapInitThreadSC = 14,
    seL4_CapSMC = 15, /* Arm kernels that allow SMC calls */
    seL4_NumInitialCaps = 16,
};

typedef seL4_Word seL4_SlotPos;

typedef struct seL4_SlotRegion {
    seL4_SlotPos start;
    seL4_SlotPos end; /* exclusive */
} seL4_SlotRegion;

typedef struct seL4_UntypedDesc {
    seL4_Word paddr;
    seL4_Uint8 sizeBits;
    seL4_Uint8 isDevice;
    seL4_Uint8 padding[sizeof(seL4_Word) - 2];
} seL4_UntypedDesc;

typedef struct seL4_BootInfo {
    seL4_Word extraLen; /* bytes of extra information, from seL4_BootInfoFrameSize on */
    seL4_NodeId nodeID;
    seL4_Word numNodes;
    seL4_Word numIOPTLevels;
    seL4_IPCBuffer *ipcBuffer;
    seL4_SlotRegion empty;
    seL4_SlotRegion sharedFrames;
    seL4_SlotRegion userImageFrames; /* 4 KiB frames in address order */
    seL4_SlotRegion userImagePaging;
    seL4_SlotRegion ioSpaceCaps;
    seL4_SlotRegion extraBIPages;
    seL4_Uint8 initThreadCNodeSizeBits;
    seL4_Domain initThreadDomain;
    seL4_SlotRegion schedcontrol; /* one per core */
    seL4_SlotRegion untyped;
    seL4_UntypedDesc untypedList[CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS];
} seL4_BootInfo;

#define seL4_BootInfoFrameBits 12
#define seL4_BootInfoFrameSize 4096

typedef enum {
    SEL4_BOOTINFO_HEADER_PADDING = 0,
    SEL4_BOOTINFO_HEADER_X86_VBE = 1,
    SEL4_BOOTINFO_HEADER_X86_MBMMAP = 2,
    SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP = 3,
    SEL4_BOOTINFO_HEADER_X86_FRAMEBUFFER = 4,
    SEL4_BOOTINFO_HEADER_X86_TSC_FREQ = 5,
    SEL4_BOOTINFO_HEADER_FDT = 6, /* flattened devicetree */
    SEL4_BOOTINFO_HEADER_NUM = 7,
    SEL4_WORD_ENUM(seL4_BootInfoID),
} seL4_BootInfoID;

typedef struct seL4_BootInfoHeader {
    seL4_Word id;
    seL4_Word len; /* bytes, this header included */
} seL4_BootInfoHeader;

_Static_assert(sizeof(seL4_UntypedDesc) == 16, "untyped description layout");
_Static_assert(offsetof(seL4_BootInfo, ipcBuffer) == 32, "bootinfo layout");
_Static_assert(offsetof(seL4_BootInfo, schedcontrol) == 152, "bootinfo layout");
_Static_assert(offsetof(seL4_BootInfo, untypedList) == 184, "bootinfo layout");
_Static_assert(sizeof(seL4_BootInfo) == 3864, "bootinfo layout");

#endif
