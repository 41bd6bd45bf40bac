{{/* The image, whole name. */}}
{{- define "shortcut.image" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Which pods are ours; the argument is the name of the DaemonSet. */}}
{{- define "shortcut.selector" -}}
app.kubernetes.io/name: {{ . }}
app.kubernetes.io/part-of: kube-ovn
{{- end }}

{{/* Metadata of a pod: root and name. */}}
{{- define "shortcut.podMetadata" -}}
{{- with .root.Values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
labels:
  {{- include "shortcut.selector" .name | nindent 2 }}
  app: {{ .name }}
  component: network
  type: infra
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Where the pods run and as what. */}}
{{- define "shortcut.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
priorityClassName: system-node-critical
# Nothing here asks the API server anything, so no token can expire and no RBAC is needed.
automountServiceAccountToken: false
# It must start before there is a pod network, and net.core.rmem_max is the node's.
hostNetwork: true
{{- end }}

{{/* AppArmor's default profile forbids to look at processes of other profiles, see hostPID. SELinux:
     the same, and the node's directories. */}}
{{- define "shortcut.podSecurity" -}}
seccompProfile:
  type: RuntimeDefault
appArmorProfile:
  type: Unconfined
seLinuxOptions:
  level: s0
  type: spc_t
{{- end }}

{{/* A container that changes the node's CNI files. DAC_OVERRIDE: /opt/cni/bin often belongs to another
     user. CHOWN, FOWNER: the network list keeps its owner and mode when it is replaced. LEASE: sees
     whether somebody still writes into a list of another user. */}}
{{- define "shortcut.filesSecurity" -}}
runAsUser: 0
runAsGroup: 0
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
  add:
    - DAC_OVERRIDE
    - CHOWN
    - FOWNER
    - LEASE
{{- end }}

{{/* The node's CNI directories have the same paths inside: messages are true on the node, too. */}}
{{- define "shortcut.directoryMounts" -}}
- name: cni-conf
  mountPath: {{ .Values.cni.configDirectory }}
- name: cni-bin
  mountPath: {{ .Values.cni.binaryDirectory }}
{{- end }}

{{- define "shortcut.directoryVolumes" -}}
- name: cni-conf
  hostPath:
    path: {{ .Values.cni.configDirectory }}
    type: DirectoryOrCreate
- name: cni-bin
  hostPath:
    path: {{ .Values.cni.binaryDirectory }}
    type: DirectoryOrCreate
{{- end }}

{{- define "shortcut.directoryArguments" -}}
- --conf-dir={{ .Values.cni.configDirectory }}
- --bin-dir={{ .Values.cni.binaryDirectory }}
{{- end }}

{{/* What every run of install-cni gets. */}}
{{- define "shortcut.installArguments" -}}
{{- include "shortcut.directoryArguments" . }}
{{- with .Values.cni.networkList }}
- --conflist={{ . }}
{{- end }}
{{- if not (kindIs "invalid" .Values.plugin.enabled) }}
- --enabled={{ .Values.plugin.enabled }}
{{- end }}
{{- with .Values.plugin.sockets }}
- --sockets={{ . }}
{{- end }}
{{- with .Values.plugin.failurePolicy }}
- --failure-policy={{ . }}
{{- end }}
{{- with .Values.plugin.logFile }}
- --log-file={{ . }}
{{- end }}
{{- with .Values.plugin.annotationPrefix }}
- --annotation-prefix={{ . }}
{{- end }}
{{- with .Values.plugin.crossVpc }}
- --cross-vpc={{ . }}
{{- end }}
{{- end }}

{{- define "shortcut.datapathArguments" -}}
- --bpffs-root=/sys/fs/bpf/shortcut
{{/* Without the runtime nobody knows whether a pod that is older than the plugin opted out. */}}
- --runtime={{ .Values.agent.runtimeSocket | default "none" }}
{{- if and (not .Values.agent.runtimeSocket) (not .Values.agent.adopt) }}
- --adopt=off
{{- end }}
{{- with .Values.plugin.annotationPrefix }}
- --annotation-prefix={{ . }}
{{- end }}
{{- with .Values.plugin.crossVpc }}
- --cross-vpc={{ . }}
{{- end }}
{{- with .Values.agent }}
{{- with .metrics }}
- --metrics={{ . }}
{{- end }}
{{- with .ovsdb }}
- --ovsdb={{ . }}
{{- end }}
{{- with .bridge }}
- --bridge={{ . }}
{{- end }}
{{- with .revalidationInterval }}
- --revalidation-interval={{ int64 . }}
{{- end }}
{{- with .adopt }}
- --adopt={{ . }}
{{- end }}
{{- end }}
{{- with .Values.datapath }}
{{- with .maxPods }}
- --max-pods={{ int64 . }}
{{- end }}
{{- with .maxConnections }}
- --max-connections={{ int64 . }}
{{- end }}
{{- with .queueBytes }}
- --queue-bytes={{ int64 . }}
{{- end }}
{{- if .pairShortLived }}
- --pair-short-lived
{{- end }}
{{- if .shortenTls }}
- --shorten-tls
{{- end }}
{{- if not (kindIs "invalid" .splicingPrograms) }}
- --splicing-programs
{{- range .splicingPrograms }}
- {{ . | quote }}
{{- end }}
{{- end }}
{{- if not (kindIs "invalid" .countingPrograms) }}
- --counting-programs
{{- range .countingPrograms }}
- {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
