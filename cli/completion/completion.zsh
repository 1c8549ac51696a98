_imsctl_ask()
{
	_call_program imsctl "${(q)imsctl}" "${(q)@}" 2>/dev/null
}

# What there is, in the capture that is looked at, if there is one.
_imsctl_list()
{
	local -a input
	local i=${words[(i)--input]}
	((i < CURRENT)) && input=(--input ${~${(Q)words[i + 1]}})
	input+=(${(MQ)words:#--input=*})
	_imsctl_ask list $input --noheadings $@
}

# Lines of stdin, as the value of a list if $1 is "list".
_imsctl_offer()
{
	local -a found
	found=("${(@f)$(cat)}")
	found=(${found:#(|-)})
	if [[ $1 == list ]]; then
		compset -P '*,' || compset -P '+'
		compadd -S '' -a found
	else
		compadd -a found
	fi
}

# Options that say which table a command is about.
_imsctl_tables()
{
	local i=${words[(i)--by]}
	print -rl -- ${(M)words:#(--store|--stores|--closed|--vectors|--by=*)}
	((i + 1 < CURRENT)) && print -r -- --by=$words[i+1]
}

# "-o help" knows which columns the command has, and asks no kernel. Arguments
# that are still to come do not matter.
_imsctl_columns()
{
	local help=$(_imsctl_ask ${=command} ${(f)"$(_imsctl_tables)"} -o help -- $line)
	local -a rows=(${(M)${(f)help}:#\ *})
	rows=(${rows#???})
	print -rl -- ${rows%% *} | _imsctl_offer list
}

_imsctl_device()
{
	_imsctl_list -o name | _imsctl_offer && return
	# It may be the file at once.
	[[ $verb != apply ]] || _files
}

_imsctl_name()
{
	if [[ -n $(_imsctl_tables) ]]; then
		_imsctl_list --stores -o name | _imsctl_offer
	else
		_imsctl_device
	fi
}

_imsctl_owner()
{
	{
		_imsctl_list -o pid
		_imsctl_list -o comm
	} | _imsctl_offer list
}

_imsctl_parent()
{
	_imsctl_list --stores -o name | _imsctl_offer list
}

# Of the device, which stands before it.
_imsctl_vector()
{
	_imsctl_list -o vector -- $line[-1] | _imsctl_offer
}

# A list of them, which may be one of the words $@.
_imsctl_vectors()
{
	{
		_imsctl_list -o vector -- $line[-1]
		[[ $PREFIX == *,* ]] || print -l all $@
	} | _imsctl_offer list
}

_imsctl_cookies()
{
	_imsctl_vectors default
}

# An action of the command, one of the words behind $1, or what $1 offers.
_imsctl_first()
{
	compadd ${@[2,-1]}
	$1
}

_imsctl_file()
{
	_files
}

_imsctl_directory()
{
	_files -/
}

_imsctl()
{
	local imsctl=$words[1] verb command curcontext=$curcontext state state_descr
	local i
	local -a line batch_options
	local -A opt_args

	_imsctl_batch_options
	_arguments -C '(- *)'{-h,--help}'[print help]' \
		'(- *)'{-V,--version}'[print the version]' $batch_options \
		'1:command:_imsctl_command' '*::argument:->argument' && return
	[[ $state == argument ]] || return 1
	verb=$words[1]
	if [[ $verb == help ]]; then
		_arguments '1:command:_imsctl_command'
		return
	fi
	# The command that is asked about is the verb, or the verb and its action.
	command=$verb
	i=${words[(ib:2:)[^-]*]}
	if ((i < CURRENT)) && [[ " $(_imsctl_actions $verb) " == *" $words[i] "* ]]; then
		command+=" $words[i]"
		words[i]=()
		((CURRENT--))
	fi
	_imsctl_arguments $command
}

_imsctl "$@"
