// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Center, Skeleton } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, done } from "../api/client";
import { isPassing } from "../api/problem";

interface Props {
    job: string;
    page?: number;
    width: 240 | 800 | 1600;
    alt: string;
    size: { w: number | string; h: number | string };
}

const TRIES = 8;

/* The octets are in memory only, and gone a moment after nobody looks at them any more. */
function usePageImage(job: string, page: number, width: 240 | 800 | 1600) {
    return useQuery({
        queryKey: ["pages", job, page, width],
        queryFn: () => done(api.GET("/v1/jobs/{job}/pages/{page}", { params: { path: { job, page }, query: { width } }, parseAs: "blob" })),
        staleTime: Infinity,
        gcTime: 10_000,
        retry: (count, error) => isPassing(error) && count < TRIES,
        retryDelay: (count) => Math.min(500 * 2 ** count, 8000),
    });
}

function useAddress(blob: Blob | undefined): string | null {
    const [address, setAddress] = useState<string | null>(null);

    useEffect(() => {
        if (!blob) return;
        const made = URL.createObjectURL(blob);
        setAddress(made);
        return () => URL.revokeObjectURL(made);
    }, [blob]);
    return blob ? address : null;
}

function Picture({ job, page, width, alt }: Required<Omit<Props, "size">>) {
    const query = usePageImage(job, page, width);
    const address = useAddress(query.data as Blob | undefined);

    if (address)
        return (
            <img
                src={address}
                alt={alt}
                style={{ maxWidth: "100%", maxHeight: "100%", border: "1px solid var(--mantine-color-default-border)", background: "white" }}
            />
        );
    if (query.error) return <IconFile size={40} stroke={1.2} role="img" aria-label={alt} color="var(--mantine-color-dimmed)" />;
    return <Skeleton w="100%" h="100%" />;
}

/* One observer for all that waits to come into sight. */
const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

function onSeen(element: Element, seen: () => void): () => void {
    observer ??= new IntersectionObserver(
        (entries) => {
            for (const { isIntersecting, target } of entries) if (isIntersecting) waiting.get(target)?.();
        },
        { rootMargin: "200px" },
    );
    waiting.set(element, seen);
    observer.observe(element);
    return () => observer!.unobserve(element);
}

/* A page of a document as a picture, asked for when it comes into sight. */
export function PageImage({ job, page = 1, width, alt, size }: Props) {
    const box = useRef<HTMLDivElement>(null);
    const [wasSeen, setSeen] = useState(false);

    useEffect(() => (wasSeen ? undefined : onSeen(box.current!, () => setSeen(true))), [wasSeen]);
    return (
        <Center ref={box} w={size.w} h={size.h} style={{ flexShrink: 0 }}>
            {wasSeen && <Picture job={job} page={page} width={width} alt={alt} />}
        </Center>
    );
}
